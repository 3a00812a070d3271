using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Benchmarks.Viewing;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures the cost of a read of a view, compared with the Gets that it replaces, and the time until a change of one entry has
/// reached the many keys that depend on it.</summary>
internal static class ViewDriver
{
    private const int BusySessions = 10_000;
    private const int HotKeys = 256;
    private const int Reads = 1_000_000;

    // Storing the results here keeps the compiler from removing the look-ups.
    private static User? _found;

    public static Command Command()
    {
        var rounds = CommandOptions.Rounds(11);
        var command = new Command(
            "view", $"Reads a view of two caches and the caches themselves, and changes a user who has {BusySessions:N0} sessions.")
        {
            CommandOptions.Json, rounds,
        };
        command.SetAction(async parsed => await RunAsync(parsed.GetValue(rounds), parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int rounds, FileInfo? json)
    {
        await using var caches = await ViewedCaches.FilledAsync(BusySessions);
        string[] all = [.. Enumerable.Range(0, 2 * BusySessions).Select(ViewedCaches.SessionKey)];
        new Random(1).Shuffle(all);
        var hot = all[..HotKeys];

        List<double> hotViews = [], hotGets = [], views = [], gets = [];
        for (var round = -1; round < rounds; round++)
        {
            // The first round is a warm-up.
            Add(round, hotGets, TimeGets(caches.Sessions, caches.UsersById, hot));
            Add(round, hotViews, TimeViews(caches.View, hot));
            Add(round, gets, TimeGets(caches.Sessions, caches.UsersById, all));
            Add(round, views, TimeViews(caches.View, all));
        }

        var changes = await TimeChangesAsync(caches, rounds);
        var table = new Table("Contender", "hot, ns", "random, ns", $"{BusySessions:N0} changes, ms");
        table.Add("view", hotViews.Median(), views.Median(), changes.Median());
        table.Add("two Gets", hotGets.Median(), gets.Median(), double.NaN);
        Goal[] goals =
        [
            Goal.AtMost(1.2, "A view's Get, hot", Statistics.MedianRatio(hotViews, hotGets), "× its Gets"),
            Goal.AtMost(1.2, "A view's Get, random", Statistics.MedianRatio(views, gets), "× its Gets"),
            Goal.AtMost(200, $"{BusySessions:N0} changes", changes.Median(), "ms"),
        ];
        var title = string.Create(
            CultureInfo.InvariantCulture, $"A view of {all.Length:N0} sessions with their users, medians of {rounds} rounds.");
        await Report.WriteAsync("view", title, table, goals, json, new { hotViews, hotGets, views, gets, changes });
    }

    private static void Add(int round, List<double> figures, double figure)
    {
        if (round >= 0)
            figures.Add(figure);
    }

    /// <summary>The average duration of the two Gets that a read of the view replaces, in nanoseconds.</summary>
    private static double TimeGets(
        IReadOnlyKafkaCache<string, Session> sessions, IReadOnlyKafkaCache<string, User> users, string[] keys)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Reads; i++)
        {
            if (sessions.TryGet(keys[i % keys.Length], out var session) && users.TryGet(session.User, out var user))
                _found = user;
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Reads;
    }

    private static double TimeViews(IKafkaCacheView<string, SessionView> views, string[] keys)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Reads; i++)
        {
            if (views.TryGet(keys[i % keys.Length], out var view))
                _found = view.User;
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Reads;
    }

    /// <summary>The time from the start of the put to the last of the changes, in milliseconds.</summary>
    private static async Task<List<double>> TimeChangesAsync(ViewedCaches caches, int rounds)
    {
        var user = caches.UsersById.Get(ViewedCaches.BusyUser)!;
        var times = new List<double>();
        await using var watch = caches.View.WatchAsync(new WatchOptions<string> { SkipInitial = true }).GetAsyncEnumerator();
        await watch.MoveNextAsync(); // The first change is Ready.
        for (var round = -1; round < rounds; round++)
        {
            var changed = user with { DisplayName = string.Create(CultureInfo.InvariantCulture, $"Number {round}") };
            var started = Stopwatch.GetTimestamp();
            var put = caches.UsersById.PutAsync(ViewedCaches.BusyUser, changed);
            for (var seen = 0; seen < BusySessions; seen++)
            {
                await watch.MoveNextAsync();
                if (watch.Current.Current.User?.DisplayName != changed.DisplayName)
                    throw new InvalidOperationException("A change has another user.");
            }

            Add(round, times, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await put;
        }

        return times;
    }
}
