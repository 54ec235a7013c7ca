"""What a backup is made of: an archive of parts, a seal round it, and a database's contents."""
