using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching.Diagnostics;

/// <summary>Numbers the threads that read, so that each has its own counts. No two live threads have the same number. After a thread has
/// ended, another thread may get its number.</summary>
internal static class ReadLane
{
    private static readonly Lock Gate = new();
    private static readonly Stack<int> Free = [];
    private static int _made;

    [ThreadStatic]
    private static int _numberAndOne;

    [ThreadStatic]
    private static Holder? _holder;

    /// <summary>This thread's number, from 0; -1 before its first <see cref="Take"/>.</summary>
    public static int Current => _numberAndOne - 1;

    public static int Take()
    {
        if (_numberAndOne != 0)
            return Current;
        lock (Gate)
        {
            if (!Free.TryPop(out var number))
                number = _made++;
            _holder = new Holder(number);
            _numberAndOne = number + 1;
            return number;
        }
    }

    private sealed class Holder(int number)
    {
        // A holder is referenced only by the thread-static field of its thread. It is therefore finalized after its thread has ended, when
        // nothing is counted under its number any longer.
        [SuppressMessage("Design", "MA0055", Justification = "The end of a thread can't be detected in any other way.")]
        ~Holder()
        {
            lock (Gate)
                Free.Push(number);
        }
    }
}
