namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>A point in the work of another thread at which a history can block that thread.</summary>
internal sealed class HoldPoint
{
    private const int Nowhere = int.MaxValue;

    private readonly object _gate = new();
    private int _heldAt = Nowhere;
    private bool _stands;
    private bool _ends;

    public bool Holds
    {
        get
        {
            lock (_gate)
                return _heldAt != Nowhere;
        }
    }

    /// <summary>Whether a thread is blocked now.</summary>
    public bool Stands
    {
        get
        {
            lock (_gate)
                return _stands;
        }
    }

    /// <summary>Blocks the thread when it reaches this step of the work, or a later one.</summary>
    public void HoldAt(int step)
    {
        lock (_gate)
            (_heldAt, _ends) = (step, false);
    }

    public void Open() => Open(ends: false);

    /// <summary>Releases the blocked thread, whose call then throws.</summary>
    public void End() => Open(ends: true);

    /// <summary>Called by the working thread at each step.</summary>
    /// <exception cref="OperationCanceledException">The work ends here.</exception>
    public void Pass(int step)
    {
        lock (_gate)
        {
            if (step < _heldAt)
                return;
            _stands = true;
            while (_stands)
                Monitor.Wait(_gate);
            if (_ends)
                throw new OperationCanceledException("The history ends the work here.");
        }
    }

    private void Open(bool ends)
    {
        lock (_gate)
        {
            (_heldAt, _stands, _ends) = (Nowhere, false, ends);
            Monitor.PulseAll(_gate);
        }
    }
}
