using System.ComponentModel;
using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Viewing;

/// <summary>A session. Its user is an entry of another cache.</summary>
[ImmutableObject(true)]
internal sealed record Session(string User, string IpAddress);

/// <summary>A session with its user. It is a struct, so that the measurement of the view does not include an allocation for its
/// value.</summary>
internal readonly record struct SessionView(Session Session, User? User);

/// <summary>Sessions and users on the embedded broker. Half of the sessions belong to one user.</summary>
internal sealed class ViewedCaches : IAsyncDisposable
{
    private const int Users = 1_000;

    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly KafkaCache<string, Session> _sessions;
    private readonly KafkaCache<string, User> _users;

    private ViewedCaches()
    {
        _sessions = Start<Session>("sessions");
        _users = Start<User>("users");
        View = KafkaCacheView.From(_sessions)
            .Join(_users, static session => session.User)
            .Select("session-views", static (session, user) => new SessionView(session, user));
    }

    public IReadOnlyKafkaCache<string, Session> Sessions => _sessions;

    public IKafkaCache<string, User> UsersById => _users;

    public IKafkaCacheView<string, SessionView> View { get; }

    /// <summary>The user to whom half of the sessions belong.</summary>
    public static string BusyUser => Workload.Key(0);

    public static async Task<ViewedCaches> FilledAsync(int busySessions)
    {
        var caches = new ViewedCaches();
        await ThrowIfNotPutAsync(caches._users.PutManyAsync(
            Enumerable.Range(0, Users).Select(static i => KeyValuePair.Create(Workload.Key(i), User.FromJson(Workload.Value(i)))),
            PutWait.Applied));
        await ThrowIfNotPutAsync(caches._sessions.PutManyAsync(
            Enumerable.Range(0, 2 * busySessions).Select(i => KeyValuePair.Create(
                SessionKey(i), new Session(i < busySessions ? BusyUser : Workload.Key(1 + (i % (Users - 1))), "10.1.2.3"))),
            PutWait.Applied));
        return caches;
    }

    public static string SessionKey(int number) => string.Create(CultureInfo.InvariantCulture, $"session-{number}");

    public async ValueTask DisposeAsync()
    {
        await _sessions.DisposeAsync();
        await _users.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private static async Task ThrowIfNotPutAsync(Task<IReadOnlyList<PutAttempt>> puts)
    {
        foreach (var put in await puts)
        {
            if (put.Error is { } error)
                throw error;
        }
    }

    private KafkaCache<string, TValue> Start<TValue>(string topic)
    {
        _broker.CreateTopic(topic, Workload.Partitions);
        return KafkaCache.Create(new KafkaCacheOptions<string, TValue>
        {
            BootstrapServers = _broker.BootstrapServers,
            Topic = topic,
            ReadOnly = false,

            // The embedded broker responds to a fetch only after fetch.wait.max.ms, with or without records.
            Consumer = new ConsumerConfig { FetchWaitMaxMs = 10 },
        });
    }
}
