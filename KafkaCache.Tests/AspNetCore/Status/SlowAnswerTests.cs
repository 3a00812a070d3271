using KafkaCaching.AspNetCore.Status;
using KafkaCaching.AspNetCore.Status.Hybrid;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.Tests.AspNetCore.Status;

public sealed class SlowAnswerTests
{
    [Fact]
    public async Task Client_that_does_not_take_its_answer_keeps_nobody_else_waiting()
    {
        using var oneAtATime = new SemaphoreSlim(1);
        var stuck = new StuckStream();
        var first = WriteAsync(stuck, oneAtATime);
        await stuck.Begun.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await WriteAsync(new MemoryStream(), oneAtATime).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(first.IsCompleted);
        stuck.Continue();
        await first;
    }

    private static Task WriteAsync(Stream body, SemaphoreSlim oneAtATime)
    {
        var context = new DefaultHttpContext { Response = { Body = body } };
        return SlowAnswer.WriteAsync(
            context, oneAtATime, static _ => new SurveyAnswer(Counts: null, "stopped"), PageJson.Default.SurveyAnswer);
    }

    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _continued = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void Continue() => _continued.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _begun.TrySetResult();
            await _continued.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
