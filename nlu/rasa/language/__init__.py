"""What both sides know about the customers' Chinese: Rasa's own environment (3.10) and the product (3.11)."""
