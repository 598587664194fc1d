"""The protection of a child: contact, referral, enquiry, conference, plan, injuries."""
