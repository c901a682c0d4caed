"""The bridge between a kiosk's page and the printer beside it.

    python3 -m bridge --printer tcp://192.168.1.50:9100 --allow http://192.168.1.10:8000

A program of the kiosk's own machine: it listens on 127.0.0.1 only, prints what the page of an
allowed origin hands it, and says what came of it. It asks nothing of the hall, and needs nothing
but Python, except for `usb:`, which needs python-escpos[usb]. See docs/printing.md.
"""
