namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>How many records the source delivers at once, and from which partition first.</summary>
internal sealed record Turn(int Records, int FirstPartition, TurnTrouble Trouble = TurnTrouble.None);

internal enum TurnTrouble
{
    None,

    /// <summary>The client reports an error and continues.</summary>
    Noise,

    /// <summary>The consumer becomes unusable after the records.</summary>
    Broken,

    /// <summary>The source delivers nothing.</summary>
    Silence,
}

/// <summary>Lets the replay thread run only while the history waits for it, so that a history is deterministic.</summary>
internal sealed class Lockstep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();
    private At _at;
    private Turn? _turn;
    private bool _isFree;

    private enum At
    {
        Running,
        Source,
        Delay,
        End,
    }

    public bool IsAtSource
    {
        get
        {
            lock (_gate)
                return _at == At.Source;
        }
    }

    /// <summary>Called by the replay thread in its source.</summary>
    /// <returns>The next turn, or <see langword="null"/> if there are no more.</returns>
    public Turn? NextTurn()
    {
        lock (_gate)
        {
            Stand_NeedsLock(At.Source);
            while (_turn is null && !_isFree)
                Monitor.Wait(_gate);
            var turn = _turn;
            _turn = null;
            _at = At.Running;
            return turn;
        }
    }

    /// <summary>Called by the replay thread before it waits for a timer.</summary>
    public void Delays()
    {
        lock (_gate)
            Stand_NeedsLock(At.Delay);
    }

    /// <summary>Called when the timer for which the replay thread waits is about to fire.</summary>
    public void DelayEnds()
    {
        lock (_gate)
            _at = _at == At.Delay ? At.Running : _at;
    }

    /// <summary>Called by the replay thread when it ends.</summary>
    public void Ends()
    {
        lock (_gate)
            Stand_NeedsLock(At.End);
    }

    /// <summary>Waits until the replay thread is blocked or has ended.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            while (_at == At.Running)
            {
                if (!Monitor.Wait(_gate, Patience))
                    Assert.Fail($"The replay thread has not come to rest within {Patience.TotalSeconds} s.");
            }
        }
    }

    /// <summary>Plays one turn of the source, if the replay thread waits in it.</summary>
    /// <returns>Whether the turn was played.</returns>
    public bool Play(Turn turn)
    {
        lock (_gate)
        {
            if (_at != At.Source)
                return false;
            _turn = turn;
            _at = At.Running;
            Monitor.PulseAll(_gate);
        }

        Settle();
        return true;
    }

    /// <summary>Lets the replay thread run freely from now on.</summary>
    public void SetFree()
    {
        lock (_gate)
        {
            _isFree = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Stand_NeedsLock(At at)
    {
        _at = at;
        Monitor.PulseAll(_gate);
    }
}
