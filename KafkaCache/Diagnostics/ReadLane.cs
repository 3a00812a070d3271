using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching.Diagnostics;

/// <summary>Gives each thread that reads a number, so that each thread has its own counts. No other thread has the number while the thread
/// lives. After the thread has ended, another thread may get the number.</summary>
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
        // Only the thread's own slot refers to a holder. The holder is found unreachable some time after the thread has ended, when nothing
        // more is counted under the number.
        [SuppressMessage("Design", "MA0055", Justification = "The end of a thread can be told in no other way.")]
        ~Holder()
        {
            lock (Gate)
                Free.Push(number);
        }
    }
}
