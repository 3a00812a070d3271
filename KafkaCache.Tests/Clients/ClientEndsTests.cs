using System.Diagnostics;
using KafkaCaching.Clients;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Clients;

public sealed class ClientEndsTests : IDisposable
{
    private const int LeftBehind = 250;

    private readonly FakeTimeProvider _time = new();
    private readonly ListLogger _log = new();
    private readonly Hanging _hanging = new();
    private readonly ClientEnds _ends;

    public ClientEndsTests()
    {
        _ends = new ClientEnds("users", _time);
        _ends.LogTo(_log);
    }

    public void Dispose() => _hanging.LetGo.Set();

    [Fact]
    public void Those_that_end_are_waited_for_and_not_counted()
    {
        var ended = 0;
        for (var i = 0; i < 10; i++)
            _ends.Begin(new Ending(() => Interlocked.Increment(ref ended)));
        _ends.Wait(ClientEnds.Patience);

        Assert.Equal(10, ended);
        _time.Advance(ClientEnds.Patience * 2);
        Assert.Equal(0, _ends.LeftBehind);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void One_that_throws_has_ended()
    {
        _ends.Begin(new Ending(static () => throw new InvalidOperationException("no end")));
        _ends.Wait(ClientEnds.Patience);
        Assert.Equal(0, _ends.LeftBehind);
    }

    [Fact]
    public void One_that_does_not_end_in_time_is_left_behind_logged_and_counted_once()
    {
        _ends.Begin(_hanging);
        _time.Advance(ClientEnds.Patience - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _ends.LeftBehind);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _ends.LeftBehind);
        var line = Assert.Single(_log.Lines);
        Assert.Equal(LeftBehind, line.Id);
        Assert.Contains("users", line.Text, StringComparison.Ordinal);

        _ends.Wait(ClientEnds.Patience);
        _hanging.LetGo.Set();
        Assert.True(_hanging.Ended.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(1, _ends.LeftBehind);
    }

    [Fact]
    public async Task Whoever_waits_for_it_does_so_no_longer_than_that()
    {
        var ends = new ClientEnds("users", TimeProvider.System);
        ends.Begin(_hanging);
        var start = Stopwatch.GetTimestamp();
        await Task.Factory.StartNew(
                () => ends.Wait(ClientEnds.Patience), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.InRange(
            Stopwatch.GetElapsedTime(start), ClientEnds.Patience - TimeSpan.FromSeconds(1), ClientEnds.Patience + TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(() => ends.LeftBehind == 1);
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private sealed class Hanging : IDisposable
    {
        public ManualResetEventSlim LetGo { get; } = new();

        public ManualResetEventSlim Ended { get; } = new();

        public void Dispose()
        {
            LetGo.Wait();
            Ended.Set();
        }
    }
}
