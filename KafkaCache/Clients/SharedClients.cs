using Confluent.Kafka;
using KafkaCaching.Diagnostics;

namespace KafkaCaching.Clients;

/// <summary>The clients of one kind in this process: one for all caches that have the same settings for it. It goes with the last of
/// them.</summary>
internal sealed class SharedClients<TClient>(Func<Config, ClientLogs, TClient> open)
    where TClient : class, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>A share in the client of these settings, which is opened where there is none.</summary>
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

    // Listened to from before it is made: its first words are about its settings.
    private Entry Open(Config settings, ClientLog log)
    {
        var logs = new ClientLogs();
        logs.Add(log);
        return new Entry(open(settings, logs), logs);
    }

    /// <returns>The client, where this was its last user: closing it is the caller's.</returns>
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

        /// <summary>Gives the share back, once.</summary>
        /// <returns>The client, where nobody has a share in it any more: closing it is the caller's.</returns>
        public TClient? Leave() => Interlocked.Exchange(ref _left, 1) == 0 ? _owner.Leave(_key, _entry, _log) : null;
    }
}
