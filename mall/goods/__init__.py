"""What the shop offers: goods, their prices by date, barcodes, on and off the shelf."""
