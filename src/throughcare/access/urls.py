"""The addresses of signing in."""

from __future__ import annotations

from django.urls import path

from throughcare.access import pages

urlpatterns = [
    path("sign-in", pages.sign_in, name="sign_in"),
    path("sign-in/code", pages.sign_in_code, name="sign_in_code"),
    path("sign-in/set-up", pages.sign_in_enrol, name="sign_in_enrol"),
    path("sign-in/stay", pages.stay, name="stay"),
    path("sign-out", pages.sign_out, name="sign_out"),
    path("demo/sign-in", pages.demo_people, name="demo_people"),
    path("demo/sign-in/<str:signed>", pages.demo_sign_in, name="demo_sign_in"),
]
