using System.Text.Json;
using KafkaCaching.Demo.Sample;

namespace KafkaCaching.Demo;

/// <summary>Prints the address of the demo and commands to try.</summary>
internal static class Welcome
{
    public static void Write(string address, SampleData? sample, IReadOnlyList<string> topics)
    {
        var url = address.Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
            .Replace("//[::]", "//localhost", StringComparison.Ordinal);
        Console.WriteLine($"\nServing on {url} until Ctrl-C. The caches, live: {url}/kafkacache");
        Console.WriteLine(sample is null ? "Try:" : $"The users as they change: {url}/users/live\nTry:");
        foreach (var command in sample is null ? OfTopic(url, topics[0]) : OfSample(url, sample))
            Console.WriteLine($"  {command}");
    }

    private static IEnumerable<string> OfSample(string url, SampleData sample)
    {
        var user = sample.Users[0];
        var changed = new UserBody(user.Email, $"Dr. {user.DisplayName}", [user.Groups[0]]);
        var body = JsonSerializer.Serialize(changed, JsonSerializerOptions.Web);
        yield return $"curl {url}/users/{user.Id}";
        yield return $"curl {url}/sessions/{sample.Sessions[0].Id}";
        yield return $"curl -N {url}/users/watch";
        yield return $"curl '{url}/rates/USD?instance=1' '{url}/rates/USD?instance=2'";
        yield return $"curl -X DELETE '{url}/rates?instance=2'";
        yield return $"curl '{url}/prices?instance=1' '{url}/prices?instance=2'";
        yield return $"curl {url}/orders";
        yield return $"curl {url}/orders/page";
        yield return $"curl -X POST {url}/orders -H 'Content-Type: application/json' -d '{{\"customer\":\"ada\",\"cents\":1250}}'";
        yield return $"curl -X POST {url}/import";
        yield return $"curl -X DELETE {url}/import";
        yield return $"curl {url}/import";
        yield return $"curl -X PUT '{url}/users/{user.Id}?wait=applied' -H 'Content-Type: application/json' -d '{body}'";
    }

    // No real key is shown, because the output of a service may be kept in logs.
    private static IEnumerable<string> OfTopic(string url, string topic) =>
        [$"curl {url}/topics", $"curl {url}/topics/{topic}", $"curl -i {url}/topics/{topic}/KEY"];
}
