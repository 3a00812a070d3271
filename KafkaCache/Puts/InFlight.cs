namespace KafkaCaching.Puts;

/// <summary>The puts whose outcome is open, so that Dispose can answer every one.</summary>
internal sealed class InFlight
{
    private readonly Lock _gate = new();
    private readonly LinkedList<PendingPut> _puts = [];

    public void Add(PendingPut put)
    {
        lock (_gate)
            put.Node = _puts.AddLast(put);
    }

    public void Remove(PendingPut put)
    {
        lock (_gate)
        {
            if (put.Node is not { List: not null } node)
                return;
            _puts.Remove(node);
            put.Node = null;
        }
    }

    public PendingPut[] All()
    {
        lock (_gate)
            return [.. _puts];
    }
}
