"""The kinds of objects that the fake knows, by plural name, and how a test names others."""

from __future__ import annotations

from dataclasses import dataclass

from kubesphere_client._kinds import KINDS as _DESCRIBED


@dataclass(frozen=True)
class Kind:
    """A kind of object: where it lives and what it is called."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """The name that Kubernetes uses in errors: `users.iam.kubesphere.io`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified_singular(self) -> str:
        """The name in the errors of /kapis: `user.iam.kubesphere.io`, `configmap` (recordings crud-017, res-039)."""
        return f"{self.kind.lower()}.{self.group}" if self.group else self.kind.lower()

    @property
    def built_in(self) -> bool:
        """Whether it is one of Kubernetes' own: their items carry no kind in a list (recording proxy-026)."""
        return "." not in self.group or self.group in _BUILT_IN_GROUPS

    def path(self, namespace: str | None, name: str | None = None) -> str:
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        folder = f"/namespaces/{namespace}" if namespace else ""
        return f"{root}{folder}/{self.plural}" + (f"/{name}" if name else "")


_BUILT_IN_GROUPS = ("apiextensions.k8s.io", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io")

# group/version, then kinds; a leading * marks one that lives in no namespace.
# Source: the server's own list of resources and the discovery of its custom resources.
_KNOWN = """
v1: configmaps=ConfigMap endpoints=Endpoints events=Event limitranges=LimitRange *namespaces=Namespace *nodes=Node
    persistentvolumeclaims=PersistentVolumeClaim *persistentvolumes=PersistentVolume pods=Pod
    replicationcontrollers=ReplicationController resourcequotas=ResourceQuota secrets=Secret
    serviceaccounts=ServiceAccount services=Service
apps/v1: controllerrevisions=ControllerRevision daemonsets=DaemonSet deployments=Deployment replicasets=ReplicaSet
    statefulsets=StatefulSet
autoscaling/v2beta2: horizontalpodautoscalers=HorizontalPodAutoscaler
batch/v1: jobs=Job
batch/v1beta1: cronjobs=CronJob
extensions/v1beta1: ingresses=Ingress
networking.k8s.io/v1: networkpolicies=NetworkPolicy
rbac.authorization.k8s.io/v1: *clusterrolebindings=ClusterRoleBinding *clusterroles=ClusterRole
    rolebindings=RoleBinding roles=Role
storage.k8s.io/v1: *storageclasses=StorageClass
apiextensions.k8s.io/v1beta1: *customresourcedefinitions=CustomResourceDefinition
app.k8s.io/v1beta1: applications=Application
auditing.kubesphere.io/v1alpha1: rules=Rule webhooks=Webhook
cluster.kubesphere.io/v1alpha1: *clusters=Cluster
devops.kubesphere.io/v1alpha1: s2ibinaries=S2iBinary s2ibuilders=S2iBuilder s2iruns=S2iRun
    *s2ibuildertemplates=S2iBuilderTemplate
devops.kubesphere.io/v1alpha3: *devopsprojects=DevOpsProject pipelines=Pipeline
iam.kubesphere.io/v1alpha2: *globalrolebindings=GlobalRoleBinding *globalroles=GlobalRole *loginrecords=LoginRecord
    *rolebases=RoleBase *users=User *workspacerolebindings=WorkspaceRoleBinding *workspaceroles=WorkspaceRole
network.kubesphere.io/v1alpha1: namespacenetworkpolicies=NamespaceNetworkPolicy
servicemesh.kubesphere.io/v1alpha2: servicepolicies=ServicePolicy strategies=Strategy
snapshot.storage.k8s.io/v1beta1: volumesnapshots=VolumeSnapshot *volumesnapshotclasses=VolumeSnapshotClass
    *volumesnapshotcontents=VolumeSnapshotContent
storage.kubesphere.io/v1alpha1: *provisionercapabilities=ProvisionerCapability
    *storageclasscapabilities=StorageClassCapability
tenant.kubesphere.io/v1alpha1: *workspaces=Workspace
tenant.kubesphere.io/v1alpha2: *workspacetemplates=WorkspaceTemplate
types.kubefed.io/v1beta1: federatedapplications=FederatedApplication federatedconfigmaps=FederatedConfigMap
    federateddeployments=FederatedDeployment federatedingresses=FederatedIngress
    federatednamespaces=FederatedNamespace federatedpersistentvolumeclaims=FederatedPersistentVolumeClaim
    federatedsecrets=FederatedSecret federatedservices=FederatedService federatedstatefulsets=FederatedStatefulSet
"""


def _known() -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    group, version = "", ""
    for word in _KNOWN.split():
        if word.endswith(":"):
            group, _, version = word.removesuffix(":").rpartition("/")
            continue
        plural, _, kind = word.removeprefix("*").partition("=")
        kinds[plural] = Kind(group, version, plural, kind, namespaced=not word.startswith("*"))
    # A later release has kinds of its own, which its description names.
    for api_version, kind, plural, namespaced, _ in _DESCRIBED:
        group, _, version = api_version.rpartition("/")
        if group.endswith(".kubesphere.io"):
            kinds.setdefault(plural, Kind(group, version, plural, kind, namespaced))
    return kinds


KINDS = _known()


def kind_named(name: str, manifest: dict[str, object], *, namespaced: bool) -> Kind:
    """The kind that a test means by `pods` or by `example.io/v1/widgets`.

    Raises:
        ValueError: a short name that is not known.
    """
    if name in KINDS:
        return KINDS[name]
    group, _, rest = name.partition("/") if name.count("/") == 2 else ("", "", name)
    version, _, plural = rest.partition("/")
    if not plural:
        raise ValueError(f"{name!r} is no kind that the fake knows. Name it as group/version/plural.")
    known = KINDS.get(plural)
    if known is not None and (known.group, known.version) == (group, version):
        return known
    kind = manifest.get("kind")
    return Kind(group, version, plural, str(kind) if kind else plural.removesuffix("s").capitalize(), namespaced)
