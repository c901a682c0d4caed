"""What does the hall say, and how does it sound?"""

RATE = 22_050  # samples a second of every clip, one channel
