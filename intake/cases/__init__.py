"""The record of a referral, pure: what it says, what is missing, what is owed to whom."""
