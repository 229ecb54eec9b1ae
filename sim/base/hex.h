/* hex.h - hexadecimal digits. */
#ifndef AL_HEX_H
#define AL_HEX_H

/* The value of a hex digit of either case, or -1. */
static inline int al_hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
