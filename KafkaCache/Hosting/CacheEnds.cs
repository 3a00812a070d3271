namespace KafkaCaching.Hosting;

/// <summary>How the caches of a container end. The container disposes of what it made one after the other, the youngest first. Caches of
/// which nobody had got one when the next was made have nobody between them who may still use one, so they end side by side: each may take
/// seconds over its last puts.</summary>
internal sealed class CacheEnds
{
    private readonly Lock _gate = new();
    private Group _latest = new();
    private bool _isHandedOut;

    /// <summary>A cache has been made.</summary>
    /// <returns>What ends it, together with those of its group.</returns>
    public Func<Task> Join(Action end)
    {
        lock (_gate)
        {
            if (_isHandedOut)
                (_latest, _isHandedOut) = (new Group(), false);
            return _latest.Add(end);
        }
    }

    /// <summary>Somebody has got a cache, and will be disposed of before it, and after every cache that is made from here on.</summary>
    public void HandedOut()
    {
        lock (_gate)
            _isHandedOut = true;
    }

    private sealed class Group
    {
        private readonly Lock _gate = new();
        private readonly List<Action> _members = [];
        private Task[]? _ending;

        public Func<Task> Add(Action end)
        {
            lock (_gate)
            {
                var place = _members.Count;
                _members.Add(end);
                return () => EndAll()[place];
            }
        }

        // On threads of their own: the pool may have none left, and an end blocks.
        private Task[] EndAll()
        {
            lock (_gate)
            {
                return _ending ??= [.. _members.Select(static end => Task.Factory.StartNew(
                    end, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
            }
        }
    }
}
