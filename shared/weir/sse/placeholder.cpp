// module sse
