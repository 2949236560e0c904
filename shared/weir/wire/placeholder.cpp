// module wire
