using KafkaCaching.Waiting;

namespace KafkaCaching.Hosting;

/// <summary>Ends the caches of a container. The container disposes of the objects that it made one after another, the youngest first.
/// Caches that were made in a row, without any of them being handed out in between, form a group: no service that was made between them can
/// still be using one of them. The caches of a group end side by side, because each may take seconds over its last puts.</summary>
internal sealed class CacheEnds
{
    private readonly Lock _gate = new();
    private Group _latest = new();
    private bool _isHandedOut;

    /// <summary>Notes that a cache has been made.</summary>
    /// <returns>The function that ends the cache, together with the others of its group.</returns>
    public Func<Task> Join(Action end)
    {
        lock (_gate)
        {
            if (_isHandedOut)
                (_latest, _isHandedOut) = (new Group(), false);
            return _latest.Add(end);
        }
    }

    /// <summary>Notes that a service has been given a cache. The service will be disposed of before that cache, and after every cache that
    /// is made from here on.</summary>
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

        private Task[] EndAll()
        {
            lock (_gate)
            {
                return _ending ??= [.. _members.Select(Blocking.RunAsync)];
            }
        }
    }
}
