using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace KafkaCaching.Benchmarks.Refreshing;

/// <summary>The leading instance, in a separate process. To measure the effect of a busy process on the reader, it can also do the work of
/// a refresh without refreshing.</summary>
internal sealed class RefreshLeader : IDisposable
{
    private const string Verb = "refresh-leader";
    private const string Work = "work";
    private const string Written = "written";

    private static readonly Option<string> Topic = new("--topic") { Required = true };
    private static readonly Option<int> Rows = new("--rows") { Required = true };

    private readonly ChildProcess _child;

    private RefreshLeader(ChildProcess child) => _child = child;

    public static RefreshLeader Start(string bootstrapServers, string topic, int rows)
    {
        var child = new ChildProcess(
            Verb, CommandOptions.BootstrapServers.Name, bootstrapServers, Topic.Name, topic, Rows.Name,
            rows.ToString(CultureInfo.InvariantCulture));
        _ = child.NextLine();
        return new RefreshLeader(child);
    }

    public static Command ChildCommand()
    {
        var command = new Command(Verb, "Refreshes.") { CommandOptions.BootstrapServers, Topic, Rows };
        command.Hidden = true;
        command.SetAction(async parsed =>
        {
            var rows = parsed.GetValue(Rows);
            using var written = new WrittenBytes();
            await using var host = await RefreshedHost.StartAsync(
                parsed.GetValue(CommandOptions.BootstrapServers)!, parsed.GetValue(Topic)!, rows, firstRound: 0);
            Console.WriteLine("ready");
            while (await Console.In.ReadLineAsync() is { } asked)
                Console.WriteLine(asked == Written ? written.Now() : BytesOf(rows));
        });
        return command;
    }

    /// <summary>Makes the leader do the work of a refresh without refreshing, and waits for it.</summary>
    public Task WorkAsync() => Task.Run(() => _child.Ask(Work));

    /// <returns>The bytes that the leader has written.</returns>
    public long WrittenBytesSoFar() => long.Parse(_child.Ask(Written), CultureInfo.InvariantCulture);

    public void Dispose() => _child.Dispose();

    private static long BytesOf(int rows) =>
        RefreshedRow.All(rows, round: 1).Sum(static row => (long)JsonSerializer.SerializeToUtf8Bytes(row).Length);
}
