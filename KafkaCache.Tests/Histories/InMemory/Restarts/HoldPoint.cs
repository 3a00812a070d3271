namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>A place in the work of another thread where a history may hold it up.</summary>
internal sealed class HoldPoint
{
    private const int Nowhere = int.MaxValue;

    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private int _heldAt = Nowhere;
    private volatile bool _stands;
    private volatile bool _ends;

    public bool Holds => Volatile.Read(ref _heldAt) != Nowhere;

    /// <summary>Whether somebody is held up now.</summary>
    public bool Stands => _stands;

    /// <summary>Holds up whoever comes to this step of the work, or to one after it.</summary>
    public void HoldAt(int step)
    {
        lock (_lock)
        {
            _ends = false;
            _open.Reset();
            Volatile.Write(ref _heldAt, step);
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            Volatile.Write(ref _heldAt, Nowhere);
            _stands = false;
            _open.Set();
        }
    }

    /// <summary>The work ends in its middle.</summary>
    public void End()
    {
        _ends = true;
        Open();
    }

    /// <summary>The thread that works, at each step.</summary>
    /// <exception cref="OperationCanceledException">The work ends here.</exception>
    public void Pass(int step)
    {
        lock (_lock)
        {
            if (step < _heldAt)
                return;
            _stands = true;
        }

        _open.Wait();
        if (_ends)
            throw new OperationCanceledException("The history ends the work here.");
    }
}
