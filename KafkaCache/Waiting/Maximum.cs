namespace KafkaCaching.Waiting;

/// <summary>A number that several threads raise, and that never falls.</summary>
internal static class Maximum
{
    public static void Raise(ref long maximum, long value)
    {
        // Two threads may raise the maximum at once. The thread that loses the race compares again, so a lower value never replaces a
        // higher one.
        for (var seen = Volatile.Read(ref maximum); value > seen;)
        {
            var found = Interlocked.CompareExchange(ref maximum, value, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }
}
