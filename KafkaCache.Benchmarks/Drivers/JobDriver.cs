using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Jobs;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Compares KafkaCache.Jobs with a Quartz cluster on PostgreSQL: how soon another instance takes over, and whether runs
/// overlap.</summary>
internal static class JobDriver
{
    private const int StartRounds = 11;

    private static readonly Option<string?> Postgres = new("--postgres")
    {
        Description = "The connection string of a PostgreSQL. Default: one of its own.",
    };

    public static Command Command()
    {
        var rounds = CommandOptions.Rounds(5);
        var command = new Command(
            "jobs", "Takeover of a job whose instance is killed or frozen, and overlapping runs, beside Quartz with PostgreSQL.")
        {
            CommandOptions.BootstrapServers, Postgres, CommandOptions.Json, rounds,
        };
        command.SetAction(async parsed =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            await using var postgres = await PostgresServer.OpenAsync(parsed.GetValue(Postgres));
            await QuartzJobChild.PrepareAsync(postgres.ConnectionString);
            var ours = new JobFigures("KafkaCache.Jobs");
            var quartz = new JobFigures("Quartz, PostgreSQL");
            for (var round = 0; round < parsed.GetValue(rounds); round++)
            {
                var topic = $"jobs-{Guid.NewGuid():N}";
                await ours.MeasureAsync(
                    () => KafkaJobChild.StartAsync(kafka.BootstrapServers, topic),
                    (run, other) => KafkaJobChild.StepsAfter(kafka.BootstrapServers, topic, run, other));
                await quartz.MeasureAsync(
                    () => QuartzJobChild.StartAsync(postgres.ConnectionString),
                    (run, other) => QuartzJobChild.StepsAfter(postgres.ConnectionString, run, other));
            }

            var starts = await JobStart.MeasureAsync(kafka.BootstrapServers, StartRounds);
            JobFigures[] all = [ours, quartz];
            var table = new Table(
                "Scheduler", "kill -9 to next step, s, median", "longest", "freeze to next step, s, median", "longest",
                "overlap after the wake, s, median", "longest", "steps saved by replaced runs");
            foreach (var one in all)
            {
                table.Add(
                    one.Name, one.Kills.Median(), one.Kills.Max(), one.Takeovers.Median(), one.Takeovers.Max(), one.Overlaps.Median(),
                    one.Overlaps.Max(), one.Freezes.Sum(static freeze => freeze.StepsSaved));
            }

            Goal[] goals =
            [
                Goal.AtMost(0, "Steps that replaced runs saved", ours.Freezes.Sum(static freeze => freeze.StepsSaved), "steps"),
                Goal.AtMost(0.5, $"From a start to a state of {JobStart.Keys:N0} keys, median of {StartRounds}", starts.Median(), "s"),
                Goal.AtMost(8, "The longest takeover after kill -9, the run's start included", ours.Kills.Max(), "s"),
            ];
            var title = string.Create(
                CultureInfo.InvariantCulture,
                $"Two instances of one job, {parsed.GetValue(rounds)} rounds. Both schedulers with their defaults.");
            await Report.WriteAsync("jobs", title, table, goals, parsed.GetValue(CommandOptions.Json), new { ours, quartz, starts });
        });
        return command;
    }
}
