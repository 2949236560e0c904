// module relay
