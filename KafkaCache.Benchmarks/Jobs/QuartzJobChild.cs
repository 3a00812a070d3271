using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Quartz;

namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>An instance whose job Quartz runs, in a cluster on PostgreSQL with the default settings. The job disallows concurrent
/// execution, and requests recovery, so that it is run again if its instance dies.</summary>
internal static class QuartzJobChild
{
    public const string Verb = "job-quartz";

    private static readonly Option<string> Postgres = new("--postgres") { Required = true };

    public static Task<JobInstance> StartAsync(string connectionString) =>
        JobInstance.StartAsync(Verb, Postgres.Name, connectionString);

    /// <summary>Creates the table in which the steps are saved.</summary>
    public static async Task PrepareAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand("CREATE TABLE IF NOT EXISTS steps (id bigserial, run text, step int)", connection);
        await create.ExecuteNonQueryAsync();
    }

    /// <summary>Counts the steps of one run in the table that come after the first step of another run.</summary>
    public static int StepsAfter(string connectionString, string run, string other)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var count = new NpgsqlCommand(
            "SELECT count(*)::int FROM steps WHERE run = $1 AND id > (SELECT min(id) FROM steps WHERE run = $2)", connection);
        count.Parameters.AddWithValue(run);
        count.Parameters.AddWithValue(other);
        return (int)count.ExecuteScalar()!;
    }

    public static Command ChildCommand()
    {
        var command = new Command(Verb, "Runs a job.") { Postgres };
        command.Hidden = true;
        command.SetAction(async (parsed, stop) =>
        {
            var postgres = parsed.GetValue(Postgres)!;
            var builder = Host.CreateEmptyApplicationBuilder(settings: null);
            builder.Services.AddSingleton(NpgsqlDataSource.Create(postgres));
            builder.Services.AddQuartz(quartz =>
            {
                quartz.ConfigureScheduler(static scheduler => (scheduler.InstanceName, scheduler.GenerateInstanceId) = ("steps", true));
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(postgres);
                    store.UseClustering();
                    store.ProvisionSchema();
                });
                quartz.ScheduleJob<Job>(
                    static trigger => trigger.WithIdentity("steps").WithCronSchedule("* * * * * ?"),
                    static job => job.WithIdentity("steps").DisallowConcurrentExecution().RequestRecovery());
            });
            builder.Services.AddQuartzHostedService();
            using var host = builder.Build();
            await host.StartAsync(stop);
            Console.WriteLine("ready");
            await host.WaitForShutdownAsync(stop);
        });
        return command;
    }

    private sealed class Job(NpgsqlDataSource source) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var run = context.FireInstanceId;
            await SteppedRun.RunAsync(
                run,
                async step =>
                {
                    await using var insert = source.CreateCommand("INSERT INTO steps (run, step) VALUES ($1, $2)");
                    insert.Parameters.AddWithValue(run);
                    insert.Parameters.AddWithValue(step);
                    await insert.ExecuteNonQueryAsync(CancellationToken.None);
                    return true;
                },
                cancellationToken);
        }
    }
}
