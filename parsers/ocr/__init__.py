"""Reading what stands in pictures of pages: scans and photographs."""
