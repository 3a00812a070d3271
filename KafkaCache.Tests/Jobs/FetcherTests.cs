using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using KafkaCaching.Jobs;
using KafkaCaching.Jobs.Refreshing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Jobs;

public sealed class FetcherTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_fetch_that_reports_after_it_was_given_up_shows_no_progress()
    {
        var (fetcher, fetch, _) = await GivenUpAsync();
        fetch.Report(7);
        Assert.Null(fetcher.Progress);
    }

    [Fact]
    public async Task A_fetch_that_fails_after_it_was_given_up_is_not_unobserved()
    {
        var unobserved = new ConcurrentQueue<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> heard = (_, one) => unobserved.Enqueue(one.Exception.GetBaseException());
        TaskScheduler.UnobservedTaskException += heard;
        try
        {
            await FailLateAsync();
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.DoesNotContain(unobserved, static one => one is LateException);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= heard;
        }
    }

    // This is a separate method, so that nothing of the fetch is referenced afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task FailLateAsync()
    {
        var (_, _, end) = await GivenUpAsync();
        end.SetException(new LateException());
    }

    private async Task<(Fetcher<string, Price> Fetcher, RefreshFetch Fetch, TaskCompletionSource<IReadOnlyCollection<Price>> End)>
        GivenUpAsync()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        var begun = new TaskCompletionSource<RefreshFetch>();
        var end = new TaskCompletionSource<IReadOnlyCollection<Price>>();
        var options = new RefreshedCacheOptions<string, Price>
        {
            Retries = 0,
            FetchTimeout = TimeSpan.FromMinutes(1),
            Fetch = (fetch, _) =>
            {
                begun.SetResult(fetch);
                return end.Task;
            },
        };
        var fetcher = new Fetcher<string, Price>(
            "prices", options, services.GetRequiredService<IServiceScopeFactory>(), static () => -1, _time, NullLogger.Instance);
        var run = fetcher.RunAsync(last: null, static rows => rows, TestContext.Current.CancellationToken);
        var fetch = await begun.Task;
        _time.Advance(options.FetchTimeout);
        await Assert.ThrowsAsync<RefreshFailedException>(() => run);
        return (fetcher, fetch, end);
    }

    private sealed class LateException : Exception;
}
