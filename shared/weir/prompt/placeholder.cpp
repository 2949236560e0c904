// module prompt
