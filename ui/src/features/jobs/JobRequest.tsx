import { useRequest, type JobDetail } from "@/api";
import { ErrorPanel, Loading } from "@/design";
import { RequestPane } from "@/features/requests/RequestPane";

export function JobRequest({ job }: { job: JobDetail }) {
  const { data, error, refetch } = useRequest(job.replayed_request_id ?? job.request_id);
  if (data) return <RequestPane request={data} withJobLink={false} />;
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Loading />;
}
