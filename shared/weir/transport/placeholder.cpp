// module transport
