"""No Python at all."""
# trace: "e":"end",.*"type":"SyntaxError"
import asyncio
async def main()
    pass
