"""A leaf: the bytes of a document in, the fields of the referral form out."""
