"""PDF documents: form fields, page layout."""
