"""The addresses of the demonstration; `project.urls` takes them in only where it is on."""

from __future__ import annotations

from django.urls import path

from throughcare.demo import pages

urlpatterns = [
    path("demo/sign-in", pages.people, name="demo_people"),  # in place of the plain list of access
    path("demo/mail", pages.mail, name="demo_mail"),
    path("demo/mail/<str:key>", pages.message, name="demo_mail_message"),
]
