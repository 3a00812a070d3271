using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching.Diagnostics;

/// <summary>A number for each thread that reads, so that what it counts is its own: no other thread has it while it lives, and after its
/// end another gets it.</summary>
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
        // Nothing but the thread's own slot refers to a holder: it is found unreachable some time after the thread's end, when no more is
        // counted under the number.
        [SuppressMessage("Design", "MA0055", Justification = "The end of a thread can be told in no other way.")]
        ~Holder()
        {
            lock (Gate)
                Free.Push(number);
        }
    }
}
