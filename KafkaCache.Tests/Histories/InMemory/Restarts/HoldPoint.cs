namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>A place in the work of another thread where a history may hold it up.</summary>
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

    /// <summary>Whether somebody is held up now.</summary>
    public bool Stands
    {
        get
        {
            lock (_gate)
                return _stands;
        }
    }

    /// <summary>Holds up whoever comes to this step of the work, or to one after it.</summary>
    public void HoldAt(int step)
    {
        lock (_gate)
            (_heldAt, _ends) = (step, false);
    }

    public void Open() => Open(ends: false);

    /// <summary>The work ends in its middle.</summary>
    public void End() => Open(ends: true);

    /// <summary>The thread that works, at each step.</summary>
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
