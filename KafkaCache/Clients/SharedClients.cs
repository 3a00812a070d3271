using Confluent.Kafka;
using KafkaCaching.Waiting;

namespace KafkaCaching.Clients;

/// <summary>The clients of one kind in this process. Caches with the same settings share one client, which is closed when the last of them
/// gives up its share.</summary>
internal sealed class SharedClients<TClient>(Func<Config, ClientLogs, TClient> open)
    where TClient : class, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Returns a share in the client with these settings. If there is no such client yet, one is opened.</summary>
    /// <exception cref="Exception">The client could not be opened.</exception>
    public Share Join(Config settings, ClientLog log)
    {
        var key = SettingsKey.Of(settings);
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
                _entries.Add(key, entry = Open(settings, log));
            else
                entry.Logs.Add(log);
            entry.Users++;
            return new Share(this, key, entry, log);
        }
    }

    // The log is added before the client is created, because the client logs lines about its settings during its creation.
    private Entry Open(Config settings, ClientLog log)
    {
        var logs = new ClientLogs();
        logs.Add(log);
        return new Entry(Detached.Start(() => open(settings, logs)), logs);
    }

    /// <returns>The client, if this was its last user, in which case the caller must close it; otherwise <see langword="null"/>.</returns>
    private TClient? Leave(string key, Entry entry, ClientLog log)
    {
        entry.Logs.Remove(log);
        lock (_gate)
        {
            if (--entry.Users > 0)
                return null;
            _entries.Remove(key);
            return entry.Client;
        }
    }

    private sealed class Entry(TClient client, ClientLogs logs)
    {
        public TClient Client => client;

        public ClientLogs Logs => logs;

        public int Users { get; set; }
    }

    /// <summary>One cache's share in a client.</summary>
    internal sealed class Share
    {
        private readonly SharedClients<TClient> _owner;
        private readonly string _key;
        private readonly Entry _entry;
        private readonly ClientLog _log;
        private int _left;

        internal Share(SharedClients<TClient> owner, string key, object entry, ClientLog log) =>
            (_owner, _key, _entry, _log) = (owner, key, (Entry)entry, log);

        public TClient Client => _entry.Client;

        /// <summary>Gives up the share. Only the first call has an effect.</summary>
        /// <returns>The client, if this was the last share in it, in which case the caller must close it; otherwise
        /// <see langword="null"/>.</returns>
        public TClient? Leave() => Interlocked.Exchange(ref _left, 1) == 0 ? _owner.Leave(_key, _entry, _log) : null;
    }
}
