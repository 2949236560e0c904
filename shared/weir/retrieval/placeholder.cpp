// module retrieval
