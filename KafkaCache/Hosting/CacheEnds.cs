using KafkaCaching.Waiting;

namespace KafkaCaching.Hosting;

/// <summary>Ends the caches of a container. The container disposes of the objects that it created one after another, the latest first.
/// Caches that were created in a row, without any cache being injected into a service in between, form a group: no service that was created
/// between them can be using one of them. The caches of a group end concurrently, because each may take seconds to settle its last
/// puts.</summary>
internal sealed class CacheEnds
{
    private readonly Lock _gate = new();
    private Group _latest = new();
    private bool _isHandedOut;

    /// <summary>Records that a cache has been created.</summary>
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

    /// <summary>Records that a cache has been injected into a service. The container will dispose of that service before the cache, and
    /// after every cache that is created from now on.</summary>
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
