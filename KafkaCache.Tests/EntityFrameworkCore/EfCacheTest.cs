using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>The base class of the tests of the cache: a clock, a topic, a database and pods.</summary>
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

    /// <summary>Creates the database if there is none yet, and a pod with a cache.</summary>
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

    /// <summary>Reads a user's name by primary key, in a new context.</summary>
    internal static Task<string?> NameOfAsync(EfPod pod, Guid id) =>
        pod.WithAsync(async db => (await db.Users.FindCachedAsync(id))?.Name);

    /// <summary>Reads the names of all users, with a query of the whole table.</summary>
    internal static Task<string> NamesAsync(EfPod pod) => pod.WithAsync(
        static async db =>
            string.Join(' ', await db.Users.OrderBy(static u => u.Name).Select(static u => u.Name).Cached().ToListAsync(Token)));

    /// <summary>Reads the names of a group, with a query that declares the group with <c>By</c>.</summary>
    internal static Task<string> NamesOfGroupAsync(EfPod pod, int group) => pod.WithAsync(async db => string.Join(
        ' ',
        (await db.Users.Where(u => u.GroupId == group).OrderBy(static u => u.Name).Cached(c => c.By(static u => u.GroupId, group))
            .ToListAsync(Token))
            .Select(static u => u.Name)));

    /// <summary>Waits until all commits are invalidated here, runs code, and returns the number of commands of cached queries that the code
    /// sent to the database.</summary>
    internal static async Task<long> MissesAsync(EfPod pod, Func<Task> run)
    {
        await pod.Cache.FlushAsync(Token);
        var before = pod.Counts.Misses;
        await run();
        return pod.Counts.Misses - before;
    }

    /// <summary>Renames a user, in a new context.</summary>
    internal static Task<int> RenameAsync(EfPod pod, string from, string to) => ChangeAsync(pod, from, user => user.Name = to);

    /// <summary>Changes the user with the given name, in a new context.</summary>
    internal static Task<int> ChangeAsync(EfPod pod, string name, Action<User> change) => pod.WithAsync(async db =>
    {
        change(await db.Users.SingleAsync(u => u.Name == name, Token));
        return await db.SaveChangesAsync(Token);
    });

    /// <summary>Waits until the marks that have failed are written. Their writes are retried every second.</summary>
    internal Task FlushLateAsync(EfPod pod) => PassTimeUntilAsync(pod.Cache.FlushAsync(Token), TimeSpan.FromSeconds(1));

    /// <summary>Advances the clock until a task has completed.</summary>
    internal Task PassTimeUntilAsync(Task ended, TimeSpan step) => Eventually.TrueAsync(() =>
    {
        Clock.Advance(step);
        return ended.IsCompleted;
    });

    /// <summary>Advances the clock beyond <c>InvalidationTimeout</c> until a task that waits for it has completed.</summary>
    internal Task OutwaitAsync(Task ended) => PassTimeUntilAsync(ended, TimeSpan.FromSeconds(6));

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            // Disposing of a pod waits for its marks, by the test's clock.
            var ending = owned.DisposeAsync().AsTask();
            await OutwaitAsync(ending);
            await ending;
        }

        GC.SuppressFinalize(this);
    }
}
