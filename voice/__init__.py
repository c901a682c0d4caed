"""What does the hall say, and how does it sound?"""
