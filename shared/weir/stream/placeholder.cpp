// module stream
