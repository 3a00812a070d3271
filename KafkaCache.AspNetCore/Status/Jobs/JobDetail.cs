using KafkaCaching.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status.Jobs;

/// <summary>Reads the keys of a job's state and the end of its log when a user requests them. This scans all lines, so only one request is
/// answered at a time.</summary>
/// <param name="Job">The name of the job.</param>
internal sealed record JobDetail(string Job)
{
    private static readonly SemaphoreSlim OneAtATime = new(1);

    public static async Task ServeAsync(HttpContext context)
    {
        if (await PageBody.ReadAsync(context, PageJson.Default.JobDetail) is not { } asked)
            return;
        if (asked.Job.Length == 0 || context.RequestServices.GetService<IJobHistory>() is not { } history)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await SlowAnswer.WriteAsync(
            context, OneAtATime, _ => JobDetailAnswer.Of(history, asked.Job), PageJson.Default.JobDetailAnswer);
    }
}
