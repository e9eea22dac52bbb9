"""Snakemake's executor for Kubernetes on a volume that all pods share.

The published one takes it that there is no such volume, and moves all files through an object store. A study goes on where
a killed job left it, so its folder and the cache must be there for the next pod.
"""

import dataclasses

import snakemake_executor_plugin_kubernetes as published
from snakemake_executor_plugin_kubernetes import Executor, ExecutorSettings

__all__ = ["Executor", "ExecutorSettings", "common_settings"]

common_settings = dataclasses.replace(
    published.common_settings,
    implies_no_shared_fs=False,
    job_deploy_sources=False,
    auto_deploy_default_storage_provider=False,
)
