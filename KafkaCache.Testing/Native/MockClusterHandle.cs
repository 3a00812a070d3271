using System.Runtime.InteropServices;

namespace KafkaCaching.Testing.Native;

/// <summary>A mock cluster and the client that runs it. Both are freed when the last call on them has returned.</summary>
internal sealed class MockClusterHandle : SafeHandle
{
    private readonly nint _client;

    public MockClusterHandle(nint client, nint cluster)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _client = client;
        SetHandle(cluster);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        MockCluster.DestroyCluster(handle);
        MockCluster.DestroyClient(_client);
        return true;
    }
}
