using KafkaCaching.Demo.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Demo;

public sealed class PutAnswerTests : IDisposable
{
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly ServiceProvider _services;
    private readonly DefaultHttpContext _context;

    public PutAnswerTests()
    {
        _services = new ServiceCollection().AddLogging().AddSingleton<IHostApplicationLifetime>(_lifetime).AddSingleton<StopGrace>().BuildServiceProvider();
        _context = new DefaultHttpContext { RequestServices = _services };
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Written_but_not_applied_in_time_is_accepted_with_the_position()
    {
        var result = new PutResult(3, 1042, DateTimeOffset.UnixEpoch);
        _context.Request.QueryString = new QueryString("?wait=applied");

        var answer = await PutAnswer.RunAsync(_context, (_, _) => throw new PutException("The apply took too long.", PutOutcome.Committed, result));
        await answer.ExecuteAsync(_context);

        Assert.Equal(StatusCodes.Status202Accepted, _context.Response.StatusCode);
    }

    [Theory]
    [InlineData("", PutWait.Acknowledged)]
    [InlineData("?wait=acknowledged", PutWait.Acknowledged)]
    [InlineData("?wait=applied", PutWait.Applied)]
    public async Task The_query_names_the_wait(string query, PutWait expected)
    {
        PutWait? waited = null;
        _context.Request.QueryString = new QueryString(query);

        await PutAnswer.RunAsync(_context, (wait, _) =>
        {
            waited = wait;
            return Task.FromResult(new PutResult(0, 0, DateTimeOffset.UnixEpoch));
        });

        Assert.Equal(expected, waited);
    }

    [Fact]
    public async Task A_put_under_way_when_the_demo_stops_still_answers_with_what_is_known()
    {
        var handedOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = PutAnswer.RunAsync(_context, async (_, cancelled) =>
        {
            handedOver.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancelled);
            }
            catch (OperationCanceledException exception)
            {
                throw new PutException("The wait ended.", PutOutcome.Unknown, innerException: exception);
            }

            throw new InvalidOperationException("Never.");
        });
        await handedOver.Task;

        _lifetime.StopApplication();

        var unknown = await Assert.ThrowsAsync<PutException>(() => answer.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(PutOutcome.Unknown, unknown.Outcome);
    }
}
