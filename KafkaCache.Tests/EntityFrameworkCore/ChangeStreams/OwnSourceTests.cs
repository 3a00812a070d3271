using System.Threading.Channels;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>An application's own change source, which uses only public members.</summary>
public sealed class OwnSourceTests(PostgresFixture postgres) : IAsyncDisposable
{
    private readonly InMemoryTopic _topic = new(partitions: 3, TimeProvider.System, "shop.ef");
    private readonly OwnSource _source = new();
    private readonly List<IAsyncDisposable> _owned = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_that_a_source_reports_is_read_again_and_the_others_are_not()
    {
        var (pod, database) = await StartAsync();
        Assert.Equal("Ada", await NameOfAsync(pod, ShopData.Ada));
        Assert.Equal("Bob", await NameOfAsync(pod, ShopData.Bob));
        await RenameAllAsync(database);

        var row = new Dictionary<string, object?>(StringComparer.Ordinal) { ["Id"] = ShopData.Ada, ["GroupId"] = null };
        await _source.TellAsync((sink, context) => WriteAsync(sink, rows => rows.Add(context.Tables.Find("users")!, row, row)));

        Assert.Equal("Renamed", await NameOfAsync(pod, ShopData.Ada));
        Assert.Equal("Bob", await NameOfAsync(pod, ShopData.Bob));
        Assert.Equal(1, pod.Relays[0].Counts.Changes);
    }

    [Fact]
    public async Task Unknown_rows_invalidate_all_of_their_table()
    {
        var (pod, database) = await StartAsync();
        Assert.Equal("Bob", await NameOfAsync(pod, ShopData.Bob));
        await RenameAllAsync(database);

        await _source.TellAsync((sink, _) => WriteAsync(sink, static rows => rows.AddUnknown("Users")));

        Assert.Equal("Renamed", await NameOfAsync(pod, ShopData.Bob));
    }

    [Fact]
    public async Task A_position_that_is_lost_invalidates_everything()
    {
        var (pod, database) = await StartAsync();
        Assert.Equal("Bob", await NameOfAsync(pod, ShopData.Bob));
        await RenameAllAsync(database);

        await _source.TellAsync(static (sink, _) => sink.ClearAsync("the position is lost", Token));

        Assert.Equal("Renamed", await NameOfAsync(pod, ShopData.Bob));
        Assert.Equal(1, pod.Relays[0].Counts.Clears);
    }

    [Fact]
    public async Task A_source_knows_the_cache_and_what_the_context_connects_by()
    {
        await StartAsync();
        await _source.TellAsync(static (_, context) =>
        {
            Assert.Equal("shop.ef", context.Options.Topic);
            Assert.NotNull(context.ConnectionString);
            Assert.Equal(typeof(Guid), context.Tables.Find("users")!.TypeOf("Id"));
            Assert.Null(context.Tables.Find("users")!.TypeOf("Name"));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Faults_of_derived_options_stop_the_start()
    {
        var database = await DatabaseAsync();
        var pod = await PodAsync(database, new OwnOptions { SessionTimeout = TimeSpan.Zero, Path = "" });
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => pod.Relays[0].StartAsync(Token));
        Assert.Equal(
            ["SessionTimeout is 00:00:00. Set it to a value from 1 second to 5 minutes.", "Path is empty. Set it to a file."],
            refused.Failures);
    }

    [Fact]
    public async Task A_source_that_fails_because_it_is_stopped_does_not_fail_the_host()
    {
        var pod = await PodAsync(new FailingSource(async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidOperationException("The connection was closed.");
        }));
        await pod.Relays[0].StartAsync(Token);
        await Eventually.TrueAsync(() => pod.Relays[0].Counts.IsReading);
        await pod.Relays[0].StopAsync(Token);
        Assert.Equal(TaskStatus.RanToCompletion, pod.Relays[0].ExecuteTask!.Status);
        Assert.Equal(0, pod.Relays[0].Counts.Failures);
    }

    [Fact]
    public async Task A_source_that_is_cancelled_by_itself_has_failed()
    {
        var pod = await PodAsync(new FailingSource(static (_, _) => throw new TaskCanceledException("The request timed out.")));
        await pod.Relays[0].StartAsync(Token);
        await Eventually.TrueAsync(() => pod.Relays[0].Counts.Failures > 0);
        Assert.Contains(
            pod.Log.Logger.Lines,
            static line => line.Id == 585 && line.Text.Contains("The request timed out.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_problem_is_logged_once_until_the_source_has_run_again()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var runs = 0;
        var breaks = new TaskCompletionSource();
        var pod = await PodAsync(
            new FailingSource(async (_, stop) =>
            {
                if (Interlocked.Increment(ref runs) == 4)
                    await breaks.Task.WaitAsync(stop);
                throw new InvalidOperationException("The database is away.");
            }),
            clock);
        await pod.Relays[0].StartAsync(Token);
        Task FailedAsync(int times) => Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return pod.Relays[0].Counts.Failures >= times;
        });
        int Logged(int id) => pod.Log.Logger.Lines.Count(line => line.Id == id);
        await FailedAsync(3);
        Assert.Equal((1, 1), (Logged(584), Logged(585)));
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Volatile.Read(ref runs) == 4;
        });
        clock.Advance(TimeSpan.FromMinutes(2));
        breaks.SetResult();
        await FailedAsync(6);
        Assert.Equal((1, 2), (Logged(584), Logged(585)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
    }

    private async Task<(EfPod Pod, ShopDatabase Database)> StartAsync()
    {
        var database = await DatabaseAsync();
        var pod = await PodAsync(database, new OwnOptions());
        await pod.Relays[0].StartAsync(Token);
        return (pod, database);
    }

    private async Task<ShopDatabase> DatabaseAsync()
    {
        var database = await ShopDatabase.CreateAsync(Provider.Sqlite, postgres);
        _owned.Add(database);
        return database;
    }

    private async Task<EfPod> PodAsync(IChangeSource source, TimeProvider? clock = null) =>
        await PodAsync(await DatabaseAsync(), new OwnOptions(), _ => source, clock);

    private Task<EfPod> PodAsync(ShopDatabase database, ChangeRelayOptions options) => PodAsync(database, options, _source.With);

    private async Task<EfPod> PodAsync(
        ShopDatabase database, ChangeRelayOptions options, Func<ChangeSourceContext, IChangeSource> source, TimeProvider? clock = null)
    {
        var pod = await EfPod.ReadyAsync(
            _topic, clock ?? TimeProvider.System, database, static cache => cache.TimeToLive = TimeSpan.FromHours(1),
            builder =>
            {
                builder.Services.AddDbContext<ShopContext>(database.Use);
                builder.InvalidateFrom<ShopContext>(options, source);
            });
        _owned.Add(pod);
        return pod;
    }

    private static Task<string?> NameOfAsync(EfPod pod, Guid id) => pod.WithAsync(async db => (await db.Users.FindCachedAsync(id))?.Name);

    // Changes rows without the cache, like another program.
    private static async Task RenameAllAsync(ShopDatabase database)
    {
        var builder = new DbContextOptionsBuilder<ShopContext>();
        database.Use(builder);
        await using var db = new ShopContext(builder.Options);
        await db.Users.ExecuteUpdateAsync(static set => set.SetProperty(static user => user.Name, "Renamed"), Token);
    }

    private static async Task WriteAsync(ChangeSink sink, Action<ChangedRows> add)
    {
        var rows = sink.NewRows();
        sink.CountChange();
        add(rows);
        await sink.WriteAsync(rows, Token);
    }

    private sealed class OwnOptions : ChangeRelayOptions
    {
        public string Path { get; init; } = "log";

        protected internal override IEnumerable<string> Faults()
        {
            foreach (var fault in base.Faults())
                yield return fault;
            if (Path.Length == 0)
                yield return "Path is empty. Set it to a file.";
        }
    }

    private sealed class FailingSource(Func<ChangeSink, CancellationToken, Task> run) : IChangeSource
    {
        public string Name => "failing";

        public Task RunAsync(ChangeSink sink, CancellationToken stop) => run(sink, stop);
    }

    /// <summary>A source that runs the operations that the test sends to it.</summary>
    private sealed class OwnSource : IChangeSource
    {
        private readonly Channel<Told> _told = Channel.CreateUnbounded<Told>();
        private ChangeSourceContext? _context;

        public string Name => "own";

        public OwnSource With(ChangeSourceContext context)
        {
            _context = context;
            return this;
        }

        public async Task RunAsync(ChangeSink sink, CancellationToken stop)
        {
            await foreach (var told in _told.Reader.ReadAllAsync(stop))
            {
                try
                {
                    await told.Run(sink, _context!);
                    told.Done.SetResult();
                }
                catch (Exception failed)
                {
                    told.Done.SetException(failed);
                }
            }
        }

        public async Task TellAsync(Func<ChangeSink, ChangeSourceContext, Task> run)
        {
            var told = new Told(run, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            await _told.Writer.WriteAsync(told, Token);
            await told.Done.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        }

        private sealed record Told(Func<ChangeSink, ChangeSourceContext, Task> Run, TaskCompletionSource Done);
    }
}
