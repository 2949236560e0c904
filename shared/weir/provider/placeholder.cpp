// module provider
