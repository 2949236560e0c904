// module tokens
