using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>What the tests of the cache have in common: a clock, a topic, a database and pods.</summary>
public abstract class EfCacheTest(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static TheoryData<Provider> Providers => [.. Enum.GetValues<Provider>()];

    internal InMemoryTopic Topic { get; private set; } = null!;

    internal ShopDatabase Database { get; private set; } = null!;

    internal FakeTimeProvider Clock => _clock;

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Topic = new InMemoryTopic(partitions: 3, _clock, "shop.ef");
        return ValueTask.CompletedTask;
    }

    /// <summary>Creates the database, and a pod with a cache over it.</summary>
    internal async Task<EfPod> StartAsync(Provider provider = Provider.Sqlite, Action<KafkaEfCacheOptions>? configure = null)
    {
        if (Database is null)
        {
            Database = await ShopDatabase.CreateAsync(provider, postgres);
            _owned.Add(Database);
        }

        var pod = await EfPod.ReadyAsync(Topic, _clock, Database, configure);
        _owned.Add(pod);
        return pod;
    }

    /// <summary>Reads a user's name by key, in a context of its own.</summary>
    internal static Task<string?> NameOfAsync(EfPod pod, Guid id) =>
        pod.WithAsync(async db => (await db.Users.FindCachedAsync(id))?.Name);

    /// <summary>Reads the names of a group by a query of its table.</summary>
    internal static Task<string> NamesAsync(EfPod pod) => pod.WithAsync(
        static async db =>
            string.Join(' ', await db.Users.OrderBy(static u => u.Name).Select(static u => u.Name).Cached().ToListAsync(Token)));

    /// <summary>Reads the names of a group by a query that says so.</summary>
    internal static Task<string> NamesOfGroupAsync(EfPod pod, int group) => pod.WithAsync(async db => string.Join(
        ' ',
        (await db.Users.Where(u => u.GroupId == group).OrderBy(static u => u.Name).Cached(c => c.By(static u => u.GroupId, group))
            .ToListAsync(Token))
            .Select(static u => u.Name)));

    /// <summary>Runs code when what was committed is invalidated here, and returns how many commands of cached queries went to the database
    /// meanwhile.</summary>
    internal static async Task<long> MissesAsync(EfPod pod, Func<Task> run)
    {
        await pod.Cache.FlushAsync(Token);
        var before = pod.Counts.Misses;
        await run();
        return pod.Counts.Misses - before;
    }

    /// <summary>Renames a user, in a context of its own.</summary>
    internal static Task<int> RenameAsync(EfPod pod, string from, string to) => ChangeAsync(pod, from, user => user.Name = to);

    /// <summary>Changes the user of a name, in a context of its own.</summary>
    internal static Task<int> ChangeAsync(EfPod pod, string name, Action<User> change) => pod.WithAsync(async db =>
    {
        change(await db.Users.SingleAsync(u => u.Name == name, Token));
        return await db.SaveChangesAsync(Token);
    });

    /// <summary>Waits until the marks are written that failed before, which is tried again each second.</summary>
    internal Task FlushLateAsync(EfPod pod) => PassTimeUntilAsync(pod.Cache.FlushAsync(Token), TimeSpan.FromSeconds(1));

    /// <summary>Lets time pass until something has ended.</summary>
    internal Task PassTimeUntilAsync(Task ended, TimeSpan step) => Eventually.TrueAsync(() =>
    {
        Clock.Advance(step);
        return ended.IsCompleted;
    });

    /// <summary>Lets time pass beyond <c>InvalidationTimeout</c>, until something has ended that waits no longer.</summary>
    internal Task OutwaitAsync(Task ended) => PassTimeUntilAsync(ended, TimeSpan.FromSeconds(6));

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            // The end of a pod waits for its marks, by the clock of the test.
            var ending = owned.DisposeAsync().AsTask();
            await OutwaitAsync(ending);
            await ending;
        }

        GC.SuppressFinalize(this);
    }
}
