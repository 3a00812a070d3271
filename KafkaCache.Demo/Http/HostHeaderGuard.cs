using System.Net;

namespace KafkaCaching.Demo.Http;

/// <summary>Refuses requests for names that aren't this machine's. A web page whose name is made to resolve to this address (DNS rebinding) could
/// otherwise read and write here, from the browser of somebody who may.</summary>
internal sealed class HostHeaderGuard(RequestDelegate next)
{
    private static readonly string MachineName = Dns.GetHostName();

    public Task InvokeAsync(HttpContext context) =>
        IsOwn(context.Request.Host.Host)
            ? next(context)
            : new Problem(
                StatusCodes.Status421MisdirectedRequest,
                "Unknown host",
                "A writable demo answers to IP addresses, localhost and the name of its machine only. Use one of them.").ExecuteAsync(context);

    /// <summary>Whether a host name is safe: rebinding needs a name that somebody else can resolve.</summary>
    public static bool IsOwn(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || string.Equals(host, MachineName, StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _);
}
