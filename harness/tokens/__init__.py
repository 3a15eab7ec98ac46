"""A JSON Web Token as a data type, and forging one."""
