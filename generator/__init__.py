"""The pipeline that turns KubeSphere's published API description into the Python client."""
